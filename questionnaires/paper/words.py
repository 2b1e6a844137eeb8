"""The words that a paper form adds to a questionnaire's own, by language.

A language without its words here has its form's own sentences in French.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chrome:
    """What the form says itself. Words in braces are replaced by ``str.format``.

    ``tests`` say one rule of a condition (see ``conditions.TESTS``) about the question numbered
    ``number``; without them, a condition is said by ``conditions.sentence``. A method that is not
    among ``methods`` is not printed. ``card`` stands for the code inside a sentence, ``card_told``
    for a sentence that only says it. ``choose`` is left out of a hint when there is no list.
    """

    facts: tuple[str, str, str, str]
    heading: Mapping[str, tuple[str, ...]]
    methods: Mapping[str, str]
    card: str
    card_told: str
    stub: str
    aloud: str
    one: str
    several: str
    at_most: str
    alone: str
    rank: str
    required: str
    no_answer: str
    number: str
    day: str
    time: str
    place: str
    choose: str
    photo: str
    probes: str
    going_on: str
    same: str
    only: str
    meeting: str
    copies: str
    draft: str
    page: str
    agreed: str = ""
    tests: Mapping[str, str] | None = None
    joins: tuple[str, str] = (" et ", " ou ")


FRENCH = Chrome(
    facts=("À quoi ça sert :", "Manière de faire :", "Pour qui :", "Durée :"),
    heading={
        "testimony": ("Date", "Lieu (jamais une adresse)", "Qui écoute"),
        "record": ("Date", "Titre de la fiche"),
        "survey": (),
    },
    methods={
        "individuel": "entretien individuel",
        "collectif": "entretien collectif",
        "micro-trottoir": "micro-trottoir",
        "porteur-de-paroles": "porteur de paroles",
        "marche": "marche dans le quartier",
        "questionnaire": "questionnaire",
        "debat-support": "débat autour d’un support",
        "cahier": "cahier ou boîte à mots",
        "fiche": "fiche",
    },
    card="le code de la carte que je vous donne",
    card_told="Votre code est sur la carte que je vous donne",
    stub="Collez ici le talon de la carte de retrait, ou recopiez son code :",
    aloud="À lire à voix haute",
    one="Une seule réponse.",
    several="Plusieurs réponses possibles.",
    at_most="{count} réponses au plus.",
    alone="(seule réponse)",
    rank="Écrivez 1 dans la case de ce qui vient en premier, puis 2, et ainsi de suite "
    "jusqu’à {count} au plus.",
    required="Réponse nécessaire.",
    no_answer="Sans réponse :",
    number="Un nombre :",
    day="Jour, mois, année :",
    time="Heure, minutes :",
    place="Une partie du quartier, jamais une adresse.",
    choose="Choisissez dans la liste.",
    photo="Notez qu’une photo a été prise, seulement avec l’accord.",
    probes="Pour relancer :",
    going_on="Continuez seulement si l’accord est donné. Sinon, arrêtez ici et remerciez.",
    same="Seulement dans le même cas que la partie précédente.",
    only="Seulement {said}",
    meeting="Fiche de la rencontre : une seule, à remplir une fois pour toute la rencontre",
    copies="Photocopiez cette partie au besoin : {count} emplacements sont imprimés.",
    draft="Traduction à faire relire avant de s’en servir.",
    page="page {page} sur {pages}",
)

ARABIC = Chrome(
    facts=("الغاية:", "الطريقة:", "لمن:", "المدة:"),
    heading={
        "testimony": ("التاريخ", "المكان (لا تكتبوا عنوانًا أبدًا)", "من يستمع"),
        "record": ("التاريخ", "عنوان البطاقة"),
        "survey": (),
    },
    methods={
        "individuel": "مقابلة فردية",
        "collectif": "مقابلة جماعية",
        "micro-trottoir": "مقابلات قصيرة في الشارع",
        "questionnaire": "استبيان",
    },
    card="الرمز المكتوب على البطاقة التي أعطيكم إياها",
    card_told="رمزكم مكتوب على البطاقة التي أعطيكم إياها",
    stub="ألصقوا هنا الجزء الصغير من بطاقة السحب، أو انقلوا رمزها:",
    aloud="يُقرأ بصوت عالٍ",
    one="جواب واحد فقط.",
    several="يمكن اختيار عدة أجوبة.",
    at_most="{count} أجوبة على الأكثر.",
    alone="(جواب وحيد)",
    rank="اكتبوا 1 في خانة ما يأتي أولًا، ثم 2، وهكذا حتى {count} على الأكثر.",
    required="الجواب ضروري.",
    no_answer="بلا جواب:",
    number="عدد:",
    day="اليوم، الشهر، السنة:",
    time="الساعة، الدقائق:",
    place="جزء من الحي، ولا يُكتب العنوان أبدًا.",
    choose="اختاروا من القائمة.",
    photo="دوّنوا أن صورة قد التُقطت، بعد الموافقة فقط.",
    probes="لمواصلة الحديث:",
    going_on="تابعوا فقط إذا أُعطيت الموافقة. وإلا فتوقفوا هنا واشكروا الشخص.",
    same="فقط في الحالة نفسها المذكورة في الجزء السابق.",
    only="فقط إذا: {said}.",
    meeting="بطاقة اللقاء: واحدة فقط، تُملأ مرة واحدة للقاء كله",
    copies="انسخوا هذا الجزء عند الحاجة: طُبع {count} مرات.",
    draft="ترجمة أولية، يجب أن تُراجَع قبل استعمالها.",
    page="صفحة {page} من {pages}",
    agreed="أعطى الشخص موافقته",
    tests={
        "is": "جواب السؤال {number} هو «{value}»",
        "is_not": "جواب السؤال {number} ليس «{value}»",
        "contains": "«{value}» من أجوبة السؤال {number}",
        "contains_not": "«{value}» ليس من أجوبة السؤال {number}",
        "answered": "أُعطي جواب عن السؤال {number}",
        "not_answered": "لم يُعطَ جواب عن السؤال {number}",
        "at_least": "جواب السؤال {number} هو {value} أو أكثر",
        "at_most": "جواب السؤال {number} هو {value} أو أقل",
    },
    joins=(" و", " أو "),
)

CHROMES: Mapping[str, Chrome] = {"fr": FRENCH, "ar": ARABIC}
