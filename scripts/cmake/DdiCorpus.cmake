# Tests on the whole real documentation. They run where ../shared/corpus/ddi-docs.bundle exists (CI has it) and say that they were
# skipped where it does not. The bundle is unpacked once into the build folder by a ctest fixture.
set(DDI_CORPUS_BUNDLE ${CMAKE_SOURCE_DIR}/../shared/corpus/ddi-docs.bundle CACHE FILEPATH "Git bundle with the dated revisions of the documentation")
set(DDI_CORPUS ${CMAKE_BINARY_DIR}/corpus CACHE PATH "Where the bundle is unpacked (a bare repository)")

add_test(NAME corpus.unpack COMMAND ${CMAKE_COMMAND} -DBUNDLE=${DDI_CORPUS_BUNDLE} -DTO=${DDI_CORPUS} -P ${CMAKE_SOURCE_DIR}/scripts/cmake/unpack_corpus.cmake)
set_tests_properties(corpus.unpack PROPERTIES FIXTURES_SETUP corpus)

# ddi_corpus_test(<name> SOURCES ... LINK ... [TIMEOUT s]): one program, one ctest entry (its tests share what they read).
# The program gets DDI_CORPUS (path of the repository) and DDI_SOURCE_DIR as macros.
function(ddi_corpus_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;DEFINITIONS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 600)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE DDI_CORPUS="${DDI_CORPUS}" DDI_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ${ARG_DEFINITIONS})
  add_test(NAME corpus.${name} COMMAND ${name})
  set_tests_properties(corpus.${name} PROPERTIES FIXTURES_REQUIRED corpus TIMEOUT ${ARG_TIMEOUT} SKIP_REGULAR_EXPRESSION "the corpus is not there")
endfunction()
