"""Invented sentences with first names of many origins, to measure how many are proposed."""

from __future__ import annotations

GROUPS: dict[str, tuple[str, ...]] = {
    "French": (
        "Jeanne", "Michel", "Sylvie", "Thierry", "Nathalie", "Kevin", "Océane", "Jean-Claude",
        "Monique", "Enzo", "Josiane", "Léo", "Corinne", "Gérard", "Élodie", "Bernadette",
    ),
    "Maghreb": (
        "Karima", "Mohamed", "Aïcha", "Rachid", "Fatiha", "Abdelkader", "Nadia", "Yacine",
        "Zohra", "Mustapha", "Samira", "Hicham", "Khadija", "Farid", "Malika", "Brahim",
    ),
    "West Africa": (
        "Fatoumata", "Mamadou", "Aminata", "Ousmane", "Awa", "Ibrahima", "Mariam", "Souleymane",
        "Adama", "Cheikh", "Kadiatou", "Boubacar", "Djeneba", "Seydou", "Bintou", "Moussa",
    ),
    "Turkey": (
        "Mehmet", "Ayşe", "Mustafa", "Elif", "Hüseyin", "Emine", "Zeynep", "Murat",
        "Hatice", "Ahmet", "Fatma", "Yusuf", "Gülay", "Ibrahim", "Derya", "Serkan",
    ),
    "Portugal and Spain": (
        "Manuel", "Conceição", "Joaquim", "Dolores", "Fernando", "Carmen", "Rui", "Lurdes",
        "Paulo", "Pilar", "José", "Ana", "Antonio", "Beatriz", "Miguel", "Inês",
    ),
    "Asia": (
        "Linh", "Minh", "Thuy", "Xiaomei", "Wei", "Mei", "Priya", "Rajesh",
        "Kanthan", "Sokha", "Chanthou", "Anh", "Yuki", "Zahra", "Imran", "Bilal",
    ),
    "Slavic and Caucasus": (
        "Oksana", "Ivan", "Svetlana", "Igor", "Natalia", "Andrei", "Bogdan", "Tamar",
        "Milena", "Dragan", "Katarzyna", "Olena", "Aslan", "Vasile", "Elena", "Giorgi",
    ),
    "Haiti and Indian Ocean": (
        "Wilson", "Guerline", "Rose-Marie", "Ali", "Fahad", "Moinaecha", "Echati", "Soilihi",
        "Marie-Ange", "Dieudonné", "Jean-Robert", "Nadège", "Faïza", "Hary", "Voahangy", "Toky",
    ),
}  # fmt: skip

# Half with a capital where it should be, half as people type on a telephone.
FRAMES: tuple[str, ...] = (
    "Le soir, {} descend les poubelles pour tout le palier.",
    "ma voisine {} m’a prêté sa perceuse hier",
    "C’est {} qui a monté l’association avec deux autres.",
    "j’y vais avec {} parce que toute seule je n’ose pas",
    "Depuis que {} est partie, on ne voit plus personne.",
    "mon fils {} a attendu deux mois pour un stage",
    "On a demandé à {}, du quatrième, de tenir la porte.",
    "le gardien, {} , il connaît tout le monde",
    "« Tu devrais voter », m’a dit {} en bas de la tour.",
    "on s’entraide, {} garde les petits et moi je fais les courses",
    "{} a fait une demande, elle attend toujours.",
    "une dame qui s’appelle {} nous aide pour les papiers",
    "Je pense à {}, qui monte six étages avec ses sacs.",
    "ma cousine {} habite de l’autre côté de la rocade",
    "Sans {}, le jardin partagé n’existerait pas.",
    "hier {} est tombée dans l’escalier à cause du noir",
)


def cases(group: str) -> list[tuple[str, int, int]]:
    """Sentences with the place of the name; it has no capital in those that have none."""
    found = []
    for rank, name in enumerate(GROUPS[group]):
        frame = FRAMES[rank]
        said = name.lower() if rank % 2 else name
        start = frame.index("{}")
        found.append((frame.format(said), start, start + len(said)))
    return found
