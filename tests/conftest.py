"""What holds for every test."""

import zoneinfo

# Casablanca's offset is the one of the locked tzdata, as in Lambda, whatever this machine believes.
zoneinfo.reset_tzpath(to=())
