"""The screens: no rules of the business, only what a person sees, says and presses.

`views/` answer an address, `forms/` read what was typed, `templates/`, `static/` and `templatetags/` show it, and
`addresses/` say where it is. `wording/` turns codes into words, `charts/` numbers into pictures, `lists/` rows into
tables; `order_page/` is what only the page of an order has. `holding/` keeps what one person changed from being
overwritten by another, `way/` is everything by which one finds one's way, `help/` is the manual.
"""
