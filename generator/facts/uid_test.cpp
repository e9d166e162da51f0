#include <gtest/gtest.h>

#include "generator/facts/facts.h"

namespace ddi::facts {
namespace {

TEST(Uid, SplitsKindHeaderAndName) {
    const auto uid = parse_uid(" NF:wdm.KeAcquireX~r1 ");
    ASSERT_TRUE(uid);
    EXPECT_EQ(uid->text, "NF:wdm.KeAcquireX~r1");
    EXPECT_EQ(uid->kind, "nf");
    EXPECT_EQ(uid->header, "wdm");
    EXPECT_EQ(uid->name, "KeAcquireX");
    EXPECT_EQ(uid->key, "nf:wdm.keacquirex");
}

TEST(Uid, OldSpellings) {
    EXPECT_EQ(parse_uid("NC.ks.PFNX")->key, "nc:ks.pfnx");
    EXPECT_EQ(parse_uid("NF:ntifs._FSRTL_HEADER.FsRtlX~r8")->key, "nf:ntifs.fsrtlx");
    EXPECT_EQ(parse_uid("NF:ntifs._FSRTL_HEADER.FsRtlX~r8")->name, "FsRtlX");
    EXPECT_EQ(parse_uid("NS:ks._KSX")->key, "ns:ks._ksx");
}

TEST(Uid, InterfacesOperatorsAndIndexes) {
    EXPECT_EQ(parse_uid("NF:dbgeng.IDebugX.Get")->name, "IDebugX.Get");
    EXPECT_EQ(parse_uid("NF:e.C.~C")->name, "C.~C");
    EXPECT_EQ(parse_uid("NF:e.C.Set(bool,ULONG)~r2")->key, "nf:e.c.set(bool,ulong)");
    EXPECT_EQ(parse_uid("NA:wdm")->key, "na:wdm");
    EXPECT_TRUE(parse_uid("NA:wdm")->name.empty());
    EXPECT_EQ(parse_uid("NF:wdm.x~reset")->name, "x~reset");  // no number: no revision
}

TEST(Uid, WhatIsNone) {
    for (const char* text : {"", "NF", "NF:", "TP:acpi", "XX:wdm.X", "NF-wdm.X", "tech.root"}) EXPECT_FALSE(parse_uid(text)) << text;
}

TEST(Uid, KeysOfFileNames) {
    EXPECT_EQ(key_of_file_name("nf-wdm-kelowerirql~r1.md"), "nf:wdm.kelowerirql");
    EXPECT_EQ(key_of_file_name("ns-storport-_x-r1.md"), "ns:storport._x");
    EXPECT_EQ(key_of_file_name("NF-dbgeng-idebugclient-connect"), "nf:dbgeng.idebugclient.connect");
    EXPECT_EQ(key_of_file_name("nf-ntifs-_fsrtl_header-fsrtlx.md"), "nf:ntifs.fsrtlx");
    EXPECT_EQ(key_of_file_name("nf-e-c-operator-add-assign.md"), parse_uid("NF:e.C.operator-add-assign")->key);
    EXPECT_EQ(key_of_file_name("index.md"), "");
    EXPECT_EQ(key_of_file_name("nf-wdm-"), "");
    EXPECT_EQ(key_of_file_name("managing-hardware-priorities.md"), "");
}

}  // namespace
}  // namespace ddi::facts
