# The five pages that the project began with, as they are, in the place of ours: they must go through the whole compiler, and the tests
# made from them must pass. SOURCE_DIR, SEEDS, TOOL, WORK (a scratch folder), SUITES ("bare;wrapped").
if(NOT EXISTS ${SEEDS})
  message("the corpus is not there: ${SEEDS}")
  return()
endif()
file(REMOVE_RECURSE ${WORK}/docs)
file(COPY ${SOURCE_DIR}/docs-src/ DESTINATION ${WORK}/docs)
foreach(page ks/nc-ks-pfnkspinirp ks/nf-ks-kspinreleaseprocessingmutex ks/nf-ks-ksreleasedevice video/nf-video-videoportreleasedevicelock
             video/nf-video-videoportreleasespinlock)
  get_filename_component(folder ${page} DIRECTORY)
  get_filename_component(name ${page} NAME)
  file(COPY ${SEEDS}/${name}.md DESTINATION ${WORK}/docs/${folder} NO_SOURCE_PERMISSIONS)
endforeach()
execute_process(COMMAND ${TOOL} generate ${WORK}/docs --out ${WORK}/generated COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE_DIR} -B ${WORK}/build -G Ninja -DCMAKE_BUILD_TYPE=Release -DDDI_GENERATED_DIR=${WORK}/generated
                        -DDDI_INCLUDE_DIR=${WORK}/generated/include OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build --target ddi_suite_bare ddi_suite_wrapped COMMAND_ERROR_IS_FATAL ANY)
foreach(suite bare wrapped)
  execute_process(COMMAND ${WORK}/build/bin/ddi_suite_${suite} --gtest_brief=1 --gtest_filter=ks_*:video_* OUTPUT_VARIABLE output RESULT_VARIABLE result)
  message("${output}")
  # A filter that matches nothing would pass as well.
  if(NOT result EQUAL 0 OR NOT output MATCHES "PASSED  . [1-9][0-9]+ tests")
    message(FATAL_ERROR "the ${suite} suite made from the five pages fails")
  endif()
endforeach()
