"""How each country's post writes the name of another on an envelope, in Latin capitals."""

# The post that sorts a letter is that of the country it is posted in, so it is written its way.
_RUSSIA_AS_WRITTEN_IN = {
    "AT": "RUSSISCHE FÖDERATION",
    "BE": "RUSSIE",
    "CH": "RUSSIE",
    "CZ": "RUSKO",
    "DE": "RUSSISCHE FÖDERATION",
    "DK": "RUSLAND",
    "EE": "VENEMAA",
    "ES": "RUSIA",
    "FI": "VENÄJÄ",
    "FR": "RUSSIE",
    "HR": "RUSIJA",
    "HU": "OROSZORSZÁG",
    "LI": "RUSSISCHE FÖDERATION",
    "LT": "RUSIJA",
    "LU": "RUSSIE",
    "LV": "KRIEVIJA",
    "NL": "RUSLAND",
    "NO": "RUSSLAND",
    "PL": "ROSJA",
    "PT": "RÚSSIA",
    "RO": "RUSIA",
    "RS": "RUSIJA",
    "SE": "RYSSLAND",
    "SI": "RUSIJA",
    "SK": "RUSKO",
    "TR": "RUSYA",
}


def russia_line(posted_from: str) -> str:
    """The last line of an address in Russia; "" if it is posted in Russia itself.

    `posted_from` is the ISO 3166 code of the country of posting, such as "DE". Countries without
    a line of their own write RUSSIA, which every post understands.
    """
    if posted_from == "RU":
        return ""
    return _RUSSIA_AS_WRITTEN_IN.get(posted_from, "RUSSIA")
