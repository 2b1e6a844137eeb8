"""What may be said of one person without naming them: health, origin, religion, function.

Regular expressions, to be read without regard to capitals; accents may lack.
"""

from __future__ import annotations

ILLNESS = (
    "diab[èe]te", "diab[ée]tiques?", "cancers?", "tumeurs?", "leuc[ée]mie", r"chimio\w{0,9}",
    r"d[ée]pressi\w{2,3}", "bipolaires?", r"schizo\w{1,8}", r"autis\w{1,4}", r"trisomi\w{1,4}",
    r"[ée]pilep\w{1,5}", "alzheimer", "parkinson", "scl[ée]rose en plaques", "sida", "vih",
    r"s[ée]ropositi\w{1,4}", "h[ée]patite", "tuberculose", r"asthm\w{1,6}", "avc", "infarctus",
    "cardiaques?", "dialyse", r"anorexi\w{1,4}", r"boulimi\w{1,4}", "alcooliques?", "tdah",
    r"toxicoman\w{1,3}", r"suicid\w{1,6}", "fausse couche", "avortement", "ivg", "invalidit[ée]",
    r"dyslexi\w{1,4}", r"dr[ée]panocyt\w{1,5}", r"endom[ée]trios\w", "fibromyalgie", "burn.?out",
    "curatelle", "tutelle", "(?<!les )(?<!aux )(?<!des )handicap[ée]e?s?",
    "fauteuil roulant", "malvoyante?s?", "aveugles?", "malentendante?s?", "sourde?s?", "muette",
    "amput[ée]e?s?", "paralys[ée]e?s?", "t[ée]trapl[ée]giques?", "parapl[ée]giques?",
    "h[ée]mipl[ée]giques?", "anti-?d[ée]presseurs?",
    "anxiolytiques?", "neuroleptiques?", "insuline", "m[ée]thadone", "subutex", "cirrhose",
    "psychose", "psychotiques?", r"parano[ïi]a\w{0,4}", r"d[ée]men(?:ce|te?)", "covid long",
    r"insuffisance (?:r[ée]nale|cardiaque|respiratoire)", "hernie discale", "lombalgies?",
    "sciatique", "polyarthrite", "arthrose", "spondylarthrite", "bpco", "mucoviscidose", "lupus",
    "myopathie", "ost[ée]oporose", "hypertension", "ob[èe]se", "ob[ée]sit[ée]", "saturnisme",
    r"crises? d['’]angoisse", "ecz[ée]ma", "psoriasis", r"toxicom\w{1,5}", "migraines?",
    r"sida\w{0,4}", "bronchiolite", "emphys[èe]me", "pacemaker", r"proth[èe]se de \w{2,15}",
    r"maladie de [a-zà-ÿ]{3,20}", "fibrose", "lymphome", "m[ée]lanome", "glaucome", "dmla",
    "phobie scolaire", r"dysphasi\w{1,4}", r"dyspraxi\w{1,4}", "hyperactive?s?", "hyperactif",
)  # fmt: skip
ORIGIN = (
    r"alg[ée]rien\w{0,3}", r"marocain\w{0,2}", r"tunisien\w{0,3}", r"s[ée]n[ée]galais\w{0,2}",
    r"malien\w{0,3}", r"ivoirien\w{0,3}", r"camerounais\w{0,2}", r"congolais\w{0,2}",
    r"guin[ée]en\w{0,3}", r"comorien\w{0,3}", "turcs?", "turques?", "kurdes?", r"portugais\w{0,2}",
    r"espagnole?s?", r"italien\w{0,3}", r"roumaine?s?", "bulgares?", r"arm[ée]nien\w{0,3}",
    r"albanais\w{0,2}", r"tch[ée]tch[èe]nes?", "russes?", r"ukrainien\w{0,3}", r"syrien\w{0,3}",
    r"afghane?s?", r"chinois\w{0,2}", r"vietnamien\w{0,3}", r"pakistanais\w{0,2}", "arabes?",
    r"ha[ïi]tien\w{0,3}", r"maghr[ée]bin\w{0,2}", "kabyles?", "berb[èe]res?", r"africain\w{0,2}",
    "gitane?s?", "roms?", "manouches?", "tsiganes?", "[ée]trang[èe]re?s?", "sans[- ]papiers",
)  # fmt: skip
RELIGION = (
    r"musulman\w{0,2}", r"chr[ée]tien\w{0,3}", "catholiques?", "juifs?", "juives?",
    r"protestant\w{0,2}", "[ée]vang[ée]li(?:que|ste)s?", "bouddhistes?", "hindoue?s?", "ath[ée]es?",
    "t[ée]moins? de j[ée]hovah", "converti[es]{0,2}", r"pratiquant\w{0,2}", "voil[ée]es?",
)  # fmt: skip
# Said of one person: « je suis… », « ma voisine est… ». Of a whole people, it names nobody.
OF_ONE = (
    r"\b(?:suis|es|est|[ée]tais|[ée]tait|sommes)\s+(?:(?:un|une|pas|d['’]origine|originaire)\s+)?"
    r"|\bd['’]origine\s+|\bvoisine?\s+|\bmari\s+|\bfemme\s+|\bcopine?\s+|\bcopain\s+|\bamie?\s+"
)
# Said of a place that is kept for some, or of all of them: it is nobody's illness.
OF_NOBODY = "".join(
    f"(?<!{before} )" for before in ("places", "place", "personnes", "contre le", "contre la")
)
# One holds such an office in such a place: « la directrice de l’école ».
OFFICE = (
    "directeur|directrice|sous-direct(?:eur|rice)|principale?|proviseure?|cpe|gardien(?:ne)?"
    "|concierge|pr[ée]sidente?|vice-pr[ée]sidente?|tr[ée]sori[èe]re?|secr[ée]taire|cur[ée]"
    "|pr[êe]tre"
    "|imam|pasteure?|rabbin|m[ée]decin|docteure?|g[ée]n[ée]raliste|dentiste|sage-femme|kin[ée]"
    "|orthophoniste"
    "|infirmi(?:er|[èe]re)|pharmacien(?:ne)?|psychologue|psy|facteur|factrice|boulang(?:er|[èe]re)"
    "|bouch(?:er|[èe]re)|[ée]pici(?:er|[èe]re)|buraliste|coiffeur|coiffeuse|patronne?|g[ée]rante?"
    "|institut(?:eur|rice)|ma[îi]tresse|ma[îi]tre|professeure?|prof|atsem|animat(?:eur|rice)"
    "|[ée]ducat(?:eur|rice)|m[ée]diat(?:eur|rice)|r[ée]f[ée]rente?|responsable|chef(?:fe)?|coach"
    "|entra[îi]neure?|bailleur|conseill(?:er|[èe]re)|assistante? sociale?|[ée]lue?|adjointe?|vigile"
    "|agente?|bibliothécaire|surveillante?|puéricultrice|nourrice"
)
SERVED = (
    "[ée]cole|coll[èe]ge|lyc[ée]e|maternelle|primaire|cr[èe]che|halte-garderie|mosqu[ée]e"
    "|[ée]glise|temple"
    "|synagogue|paroisse|centre|association|asso|club|amicale|collectif|conseil citoyen|r[ée]gie"
    "|m[ée]diath[èe]que|biblioth[èe]que|maison|foyer|r[ée]sidence|immeuble|b[âa]timent|tour|cage"
    "|hall"
    "|quartier|cit[ée]|secteur|agence|antenne|bailleur|mairie|mission locale|pmi|caf|ccas|ehpad"
    "|cabinet|pharmacie|boulangerie|[ée]picerie|supermarch[ée]|supérette|march[ée]|place|rue"
    "|avenue|gymnase"
    "|stade|piscine|mjc|poste|commissariat|cantine|garderie|classe|service"
)
