"""The second proof at sign-in, beside the password: one adapter, several kinds, and none of them needs a phone.

Nouns: Factor (one kind that a person has enrolled). Kinds: a counter of codes (TOTP: a program on the desk, a hardware
token, or a phone), a printed card of one-time codes, a client certificate that the proxy in front has verified, the city's
sign-in where the city says that it asked for two proofs (``accounts.city_sign_in``).
``logic`` decides purely, ``services`` has the verbs. The machine's time counts here, never a simulated one. A further
kind is one more entry of ``KINDS`` with its way to enrol and to check.
"""
