"""The Parengan case, told with invented people. These sign-ins exist in demo mode only."""

PASSWORD = "desa-devisa"  # noqa: S105, printed at every start of the demo

SIGN_INS = (
    ("admin@demo.test", "administrator"),
    ("sari@demo.test", "coordinator"),
    ("made@demo.test", "mentor of Parengan"),
    ("ina@demo.test", "mentor of another village"),
    ("joko@demo.test", "finance"),
    ("observer@demo.test", "observer"),
)
