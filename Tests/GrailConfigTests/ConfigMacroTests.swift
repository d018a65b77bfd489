import Grail
