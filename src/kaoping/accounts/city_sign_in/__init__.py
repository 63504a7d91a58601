"""The city's own sign-in (统一身份认证), by OpenID Connect or CAS: one more way in, off until a setting names it.

Nouns: Identity (whom the city says somebody is, and whether two proofs were asked), Provider (OIDC or CAS). Verbs: send
somebody there, read what comes back, bind an identity to the own account, give it up. Nobody gets an account by signing in:
a person who is signed in binds the own identity once, and is found by it from then on.
``configuration`` reads the settings, ``logic`` decides purely, ``oidc`` and ``cas`` speak with the city, ``services`` has
the verbs. The machine's time counts here, never a simulated one.
"""
