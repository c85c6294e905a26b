"""Every code of a mistake in a file of subscribers, beside those of a file of readers (L)."""

from publisher.records.codes import Code

SUBSCRIBER_CODES: tuple[Code, ...] = (
    Code("D101", "no address", "give the address in the column or key email"),
    Code("D102", "malformed address", "write one address such as name@example.org"),
    Code("D103", "address stands twice", "keep one of the lines; capitals make no difference"),
    Code(
        "D104",
        "time of the consent",
        "write it as 2026-11-23T18:30:00+01:00; without a zone it is UTC",
    ),
    Code(
        "D105",
        "consent that is not proven",
        "with --confirmed, say in consent_time and consent_source when and where they agreed",
    ),
    Code("D106", "words on the consent", "keep to the length that the message gives"),
    Code(
        "D107",
        "answers that do not go with what is known",
        "give the field that the message names in the same line",
    ),
)

SUBSCRIBER_REMEDIES = {code.code: code.remedy for code in SUBSCRIBER_CODES}
