package org.imgblstr.cli.common.report;

/** What is said of bytes in no partition that were not read, because samples of them are zero. Source: docs/used-blocks.md, section 1. */
public final class SampledText {
    private SampledText() {}

    /** One clause; "" for no bytes. */
    public static String of(long bytes) {
        return bytes == 0
                ? ""
                : Units.bytes(bytes) + " in no partition are left out: only samples of them were read, all zero;"
                        + " --all-blocks reads everything";
    }
}
