package org.imgblstr.cli.master;

import java.io.PrintStream;
import org.imgblstr.cli.common.Interruption;
import org.imgblstr.cli.common.Program;
import org.imgblstr.cli.common.Setting;
import org.imgblstr.cli.common.Streams;
import org.imgblstr.cli.master.demo.DemoCommand;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The program imgblstr. */
public final class ImgblstrMain {
    private ImgblstrMain() {}

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
        return Program.run(commandLine(setting), setting.streams(), args);
    }

    static CommandLine commandLine(Setting setting) {
        return new CommandLine(new ImgblstrCommand(setting))
                .addSubcommand(new DisksCommand(setting))
                .addSubcommand(new InfoCommand(setting))
                .addSubcommand(new VerifyCommand(setting))
                .addSubcommand(new ExportCommand(setting))
                .addSubcommand(new DemoCommand(setting))
                .addSubcommand(new AutoComplete.GenerateCompletion());
    }
}
