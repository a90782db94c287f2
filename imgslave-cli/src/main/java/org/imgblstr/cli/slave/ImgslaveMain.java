package org.imgblstr.cli.slave;

import org.imgblstr.cli.common.disks.DisksCommand;
import org.imgblstr.cli.common.program.Program;
import org.imgblstr.cli.common.program.Setting;
import picocli.CommandLine;

/** The program imgslave. */
public final class ImgslaveMain {
    private static final Program PROGRAM = new Program() {
        @Override
        protected CommandLine command(Setting setting) {
            return new CommandLine(new ImgslaveCommand(setting));
        }

        @Override
        protected void addCommands(CommandLine program, Setting setting) {
            addAside(program, new CommandLine(new DisksCommand(setting)));
        }
    };

    private ImgslaveMain() {}

    public static void main(String[] args) {
        System.exit(PROGRAM.runProcess(args));
    }

    /** Runs in a setting. Returns an exit code. */
    public static int run(Setting setting, String... args) {
        return PROGRAM.run(setting, args);
    }
}
