// Generated files + code that uses them → do the compilers that are there take it?
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "generator/text/file_set.h"

namespace ddi::emit::stubs {

/// A folder with the files of a set, removed again.
class Folder {
  public:
    explicit Folder(const text::FileSet& files) {
        std::string name = (std::filesystem::temp_directory_path() / "ddi-stubs-XXXXXX").string();
        path_ = mkdtemp(name.data());
        for (const auto& [file, content] : files) {
            auto path = path_ / file;
            std::filesystem::create_directories(path.parent_path());
            std::ofstream(path, std::ios::binary) << content;
        }
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// True if every compiler there is takes the text, with warnings as errors, as C11 and as C++20.
inline void expect_compiles(const text::FileSet& files, const std::string& code) {
    auto with_code = files;
    with_code["t.c"] = with_code["t.cpp"] = code;
    Folder folder(with_code);
    for (std::string compiler : {"gcc -std=c11 t.c", "g++ -std=c++20 t.cpp", "clang -std=c11 t.c", "clang++ -std=c++20 t.cpp"}) {
        std::string program = compiler.substr(0, compiler.find(' '));
        if (std::system(("command -v " + program + " > /dev/null").c_str()) != 0) continue;
        std::string command =
            "cd '" + folder.path().string() + "' && " + compiler + " -Wall -Wextra -Wpedantic -Werror -fsyntax-only -Iinclude";
        EXPECT_EQ(std::system(command.c_str()), 0) << compiler;
    }
}

}  // namespace ddi::emit::stubs
