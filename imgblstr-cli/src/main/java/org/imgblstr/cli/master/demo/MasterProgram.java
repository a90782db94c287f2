package org.imgblstr.cli.master.demo;

import org.imgblstr.cli.common.program.Setting;

/** The program imgblstr, as the demo runs it. */
@FunctionalInterface
public interface MasterProgram {
    /**
     * Runs the program in a setting.
     *
     * @return its exit code
     */
    int run(Setting setting, String... args);
}
