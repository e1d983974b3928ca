"""The data of the sample generator: invented names, real proportions. The generator is ``generate``."""

from __future__ import annotations

POPULATION = {
    "CA": 39538, "TX": 29146, "FL": 21538, "NY": 20201, "PA": 13003, "IL": 12813, "OH": 11799, "GA": 10712,
    "NC": 10439, "MI": 10077, "NJ": 9289, "VA": 8631, "WA": 7705, "AZ": 7152, "MA": 7030, "TN": 6911, "IN": 6786,
    "MD": 6177, "MO": 6155, "WI": 5894, "CO": 5774, "MN": 5706, "SC": 5118, "AL": 5024, "LA": 4658, "KY": 4506,
    "OR": 4237, "OK": 3959, "CT": 3606, "UT": 3272, "PR": 3286, "IA": 3190, "NV": 3105, "AR": 3012, "MS": 2961,
    "KS": 2938, "NM": 2118, "NE": 1962, "ID": 1839, "WV": 1794, "HI": 1455, "NH": 1378, "ME": 1362, "RI": 1097,
    "MT": 1084, "DE": 990, "SD": 887, "ND": 779, "AK": 733, "DC": 690, "VT": 643, "WY": 577,
}  # fmt: skip
"""Thousands of people by state, at the census of 2020 (Census Bureau, apportionment and Puerto Rico counts)."""

AREA_CODES = {
    "AL": "205", "AK": "907", "AZ": "602", "AR": "501", "CA": "213", "CO": "303", "CT": "203", "DE": "302", "DC": "202",
    "FL": "305", "GA": "404", "HI": "808", "ID": "208", "IL": "312", "IN": "317", "IA": "515", "KS": "316", "KY": "502",
    "LA": "504", "ME": "207", "MD": "301", "MA": "617", "MI": "313", "MN": "612", "MS": "601", "MO": "314", "MT": "406",
    "NE": "402", "NV": "702", "NH": "603", "NJ": "201", "NM": "505", "NY": "212", "NC": "704", "ND": "701", "OH": "216",
    "OK": "405", "OR": "503", "PA": "215", "PR": "787", "RI": "401", "SC": "803", "SD": "605", "TN": "615", "TX": "214",
    "UT": "801", "VT": "802", "VA": "703", "WA": "206", "WV": "304", "WI": "414", "WY": "307",
}  # fmt: skip
"""One telephone area code of each state; with 555-0100 to 555-0199, which are reserved for fiction."""

CAMBRIDGE_ZIPS = (
    "02139",
    "02138",
    "02140",
    "02141",
    "02142",
    "02143",
    "02144",
    "02134",
    "02215",
    "02116",
    "02446",
    "02472",
)
"""ZIP codes in and around Cambridge, Massachusetts, where the examples of the documentation search."""

FIRST_NAMES = (
    "Ada", "Alma", "Amara", "Andre", "Anika", "Arlo", "Asha", "Beatriz", "Bram", "Camila", "Carmen", "Cedric", "Chidi",
    "Clara", "Dario", "Delia", "Diego", "Edith", "Elena", "Elias", "Esperanza", "Felix", "Fatima", "Gael", "Greta",
    "Hana", "Hector", "Imani", "Ines", "Ivo", "Jonas", "Josefina", "Juno", "Kaito", "Keiko", "Lars", "Leila", "Lucia",
    "Malik", "Marisol", "Mateo", "Mei", "Milo", "Nadia", "Nilo", "Olga", "Omar", "Paloma", "Priya", "Quinn", "Rafael",
    "Rosa", "Ruben", "Sanjay", "Selma", "Soledad", "Tamar", "Tobias", "Uma", "Valeria", "Viola", "Wanda", "Xavier",
    "Yara", "Yusuf", "Zora",
)  # fmt: skip

LAST_NAMES = (
    "Alderbrook", "Applewhistle", "Barleycorn", "Bellwether", "Birchwind", "Bramblecote", "Brightwater", "Candlemere",
    "Cloverley", "Copperfern", "Cranesbill", "Dapplewood", "Dewberry-Lark", "Driftmoor", "Elmsparrow", "Fairweather",
    "Featherstone-Vale", "Fennelby", "Foxglove", "Gladehollow", "Goldenreed", "Greenlantern", "Hartshollow",
    "Hazelmoor", "Hollybrook", "Juniperhill", "Kestrelmann", "Kitebridge", "Lanternfield", "Larksong", "Lilywater",
    "Mapleturn", "Marigold", "McAlderly", "McBrindle", "McThistle", "Meadowlark", "Mistlethorne", "Moonacre",
    "Nettlecombe", "Nutbrown", "O'Brackenridge", "O'Fennimore", "Oakapple", "Otterbourne", "Pebblebrook", "Pennyroyal",
    "Pinwheel", "Plumtree", "Quillfeather", "Ravensdale-Poe", "Reedwater", "Rosehip", "Saltmarsh", "Silverbirch",
    "Sparrowgate", "Starling-Brook", "Summerfallow", "Sweetbriar", "Tamarack", "Teaselwood", "Thistledown",
    "Underhill-Moss", "Violetta", "Waxwing", "Wheatear", "Willowmere", "Windlestraw", "Wrenfield", "Yarrowby",
    "de la Fuentealta", "del Almendro", "de los Jilgueros", "Campoflorido", "Casabosque", "Flordelmar", "Lunarejo",
    "Mirasoles", "Montealegría", "Nubedoro", "Olivaverde", "Peñaclara", "Rioseguro", "Solarriba", "Torrealba-Luz",
    "Valdemora", "Vientosur", "Zarzamora",
)  # fmt: skip
"""Invented from words, so that no real person is named."""

CLINIC_WORDS = (
    "Bluebird", "Copper Kettle", "Two Rivers", "Lighthouse", "Blue Heron", "Marigold", "Paper Crane", "Morning Star",
    "Kingfisher", "Lemon Tree", "Garden Gate", "Tall Pines", "Red Wagon", "Silver Fern", "Windmill", "Honeycomb",
    "Wild Rose", "Stepping Stone", "Sea Glass", "Harvest Moon", "Little Bridge", "Firefly", "Sunflower", "Rain Barrel",
    "Casa Girasol", "Puente Nuevo", "Colibrí", "Camino Claro",
)  # fmt: skip
CLINIC_KINDS = (
    "Physical Therapy", "Rehabilitation", "Neuro Rehabilitation", "Balance and Gait Center", "Physical Therapy, LLC",
    "Therapy Associates", "Movement Clinic", "Nerve and Balance Physical Therapy",
)  # fmt: skip
NEUROLOGIC_KINDS = frozenset({"Neuro Rehabilitation", "Balance and Gait Center", "Nerve and Balance Physical Therapy"})

STREETS = (
    "Pinwheel St", "Lantern Ave", "Teacup Ln", "Marble Run Rd", "Skylark Blvd", "Button St", "Paper Mill Rd",
    "Harmonica Ave", "Clocktower Sq", "Kite Hill Rd", "Thimble St", "Gingerbread Ln", "Umbrella Ave", "Carousel Dr",
    "Windchime Ct", "Spinning Top Way", "Dandelion Pkwy", "Almanac St", "Bookbinder Row", "Compass Rose Dr",
)  # fmt: skip

PLANS = ("harborlight-hmo", "harborlight-ppo", "northwind-silver", "northwind-gold", "bluebonnet-medicare-advantage")
"""Ids of invented insurance plans."""

NEUROPATHY_TYPES = ("diabetic", "chemotherapy", "entrapment", "hereditary", "inflammatory")
"""Types of neuropathy that a fictional clinic may name."""

SPECIALTIES = {
    "2251X0800X": ("OCS", 0.16), "2251G0304X": ("GCS", 0.07), "2251S0007X": ("SCS", 0.05), "2251P0200X": ("PCS", 0.05),
    "2251C2600X": ("CCS", 0.02), "2251H1200X": ("CHT", 0.02), "2251E1200X": ("", 0.012), "2251E1300X": ("ECS", 0.012),
    "2251H1300X": ("", 0.008),
}  # fmt: skip
"""For each taxonomy code besides the neurologic one: its certification, and the share of therapists with the code."""
