#include "grail_record.h"
