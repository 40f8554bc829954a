"""Where two sources of Rotor's clash: the newest document against older ones and against Doorkeeper, and Doorkeeper
against Doorkeeper.
"""

STRING_NUMBERS = "string-numbers"
"""Answers as in the document's samples until July 2026: ``created_at`` and ``expires_in`` are strings, the token's
answer has no ``scope``, and registering tells no lifetime.
"""

DOORKEEPER_5_9_6 = "doorkeeper-5.9.6"
"""The engine's newest release: its own order of the token's members, one mechanism of client authentication at a time,
and a 403 that says why.
"""

VARIANTS = ("default", STRING_NUMBERS, DOORKEEPER_5_9_6)
