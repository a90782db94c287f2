package org.imgblstr.cli.slave;

import java.io.PrintStream;
import org.imgblstr.cli.common.ExitCode;
import org.imgblstr.cli.common.Interruption;
import org.imgblstr.cli.common.Program;
import org.imgblstr.cli.common.Setting;
import org.imgblstr.cli.common.Streams;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The program imgslave. */
public final class ImgslaveMain {
    private ImgslaveMain() {}

    public static void main(String[] args) {
        Interruption interruption = Interruption.ofProcess();
        int code = run(new Setting(Streams.ofProcess(), interruption), args);
        System.exit(interruption.finish(code));
    }

    /** Runs with nobody to ask. Returns an exit code. */
    public static int run(PrintStream out, PrintStream err, String... args) {
        return run(new Setting(Streams.unattended(out, err), new Interruption()), args);
    }

    /** Runs in a setting. Returns an exit code. */
    public static int run(Setting setting, String... args) {
        CommandLine line = new CommandLine(new ImgslaveCommand(setting));
        // Not a sub-command of picocli's: that would ask for DEV as well.
        if (args.length > 0 && args[0].equals("generate-completion")) {
            setting.streams().out().print(AutoComplete.bash("imgslave", line));
            return ExitCode.DONE;
        }
        return Program.run(line, setting.streams(), args);
    }
}
