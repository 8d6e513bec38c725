"""Translation of letters: languages, paragraphs, placeholders, engines, checks of their answers.

Plain values in, plain values out: this package knows no database, no letter and no person. The way
in is `translation.chain.parse_chain`; `translation.languages` is the table of what is offered.
"""
