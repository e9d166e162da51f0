# TOOL, CORPUS, TO → TO/include and the report on it, TO/headers.json.
if(NOT EXISTS ${CORPUS}/HEAD)
  message("the corpus is not there: ${CORPUS}")
  file(REMOVE_RECURSE ${TO})
  return()
endif()
set(source ${CORPUS}@docs-2024-03-27)
execute_process(COMMAND ${TOOL} generate ${source} --out ${TO} --only stubs COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${TOOL} coverage --headers ${source} --format json OUTPUT_FILE ${TO}/headers.json COMMAND_ERROR_IS_FATAL ANY)
