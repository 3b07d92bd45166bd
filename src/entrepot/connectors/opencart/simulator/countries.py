"""The shop's countries: id → ISO codes, with OpenCart's own ids. Only those that buyers here come from."""

COUNTRIES = {
    "38": ("CA", "CAN"),
    "44": ("CN", "CHN"),
    "74": ("FR", "FRA"),
    "81": ("DE", "DEU"),
    "107": ("JP", "JPN"),
    "113": ("KR", "KOR"),
    "222": ("GB", "GBR"),
    "223": ("US", "USA"),
}
COUNTRY_IDS = {alpha_2: country_id for country_id, (alpha_2, _) in COUNTRIES.items()}
