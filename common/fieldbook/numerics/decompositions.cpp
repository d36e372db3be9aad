#include <fieldbook/numerics/decompositions.hpp>

FIELDBOOK_DECOMPOSITIONS()
