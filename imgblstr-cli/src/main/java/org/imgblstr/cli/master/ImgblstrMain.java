package org.imgblstr.cli.master;

import org.imgblstr.cli.common.disks.DisksCommand;
import org.imgblstr.cli.common.program.Program;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.cli.master.command.ExportCommand;
import org.imgblstr.cli.master.command.InfoCommand;
import org.imgblstr.cli.master.command.KeygenCommand;
import org.imgblstr.cli.master.command.VerifyCommand;
import org.imgblstr.cli.master.control.ControlCommands;
import org.imgblstr.cli.master.demo.DemoCommand;
import org.imgblstr.cli.master.netboot.NetbootCommand;
import picocli.CommandLine;

/** The program imgblstr. */
public final class ImgblstrMain {
    private static final Program PROGRAM = new Program() {
        @Override
        protected CommandLine command(Setting setting) {
            return new CommandLine(new ImgblstrCommand(setting));
        }

        @Override
        protected void addCommands(CommandLine program, Setting setting) {
            program.addSubcommand(new DisksCommand(setting))
                    .addSubcommand(new InfoCommand(setting))
                    .addSubcommand(new VerifyCommand(setting))
                    .addSubcommand(new ExportCommand(setting))
                    .addSubcommand(new KeygenCommand(setting))
                    .addSubcommand(new DemoCommand(ImgblstrMain::run, setting))
                    .addSubcommand(new NetbootCommand(setting));
            for (Object control : ControlCommands.all(setting)) {
                program.addSubcommand(control);
            }
        }
    };

    private ImgblstrMain() {}

    public static void main(String[] args) {
        System.exit(PROGRAM.runProcess(args));
    }

    /** Runs in a setting. Returns an exit code. */
    public static int run(Setting setting, String... args) {
        return PROGRAM.run(setting, args);
    }
}
