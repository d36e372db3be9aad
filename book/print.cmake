# Prints the site with headless Chromium into fieldbook.pdf: twice, because only the first print tells the table of contents
# where the parts begin.
#   cmake -DBIND=<program> -DOUTPUT=<directory> -P print.cmake
find_program(CHROMIUM NAMES chromium chromium-browser google-chrome)
if(NOT CHROMIUM)
  message(FATAL_ERROR "The printed book needs Chromium: install the package chromium.")
endif()
set(bound ${OUTPUT}/print.html)
set(pdf ${OUTPUT}/fieldbook.pdf)
set(profile ${OUTPUT}/print-profile)
set(earlier)
set(structure --disable-pdf-tagging)
foreach(pass RANGE 1)
  execute_process(COMMAND ${BIND} ${OUTPUT}/html ${OUTPUT}/woven/navigation.html ${bound} ${earlier} COMMAND_ERROR_IS_FATAL ANY)
  set(earlier ${OUTPUT}/print.pdf)
  execute_process(
    COMMAND ${CHROMIUM} --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir=${profile}
            "--host-resolver-rules=MAP * ~NOTFOUND" --no-pdf-header-footer ${structure}
            --print-to-pdf=${earlier} file://${bound}
    TIMEOUT 600 RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE errors)
  set(structure --generate-pdf-document-outline)
  if(NOT status EQUAL 0 OR NOT EXISTS ${earlier})
    message(FATAL_ERROR "Chromium could not print the book (${status}):\n${errors}")
  endif()
endforeach()
file(RENAME ${earlier} ${pdf})
file(REMOVE_RECURSE ${profile})
