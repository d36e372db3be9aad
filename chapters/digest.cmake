# Writes the SHA-256 of FILE to DIGEST, and touches DIGEST only when it has changed.
file(SHA256 ${FILE} new)
set(old "")
if(EXISTS ${DIGEST})
  file(READ ${DIGEST} old)
endif()
if(NOT new STREQUAL old)
  file(WRITE ${DIGEST} ${new})
endif()
