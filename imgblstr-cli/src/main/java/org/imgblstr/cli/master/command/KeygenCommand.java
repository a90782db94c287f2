package org.imgblstr.cli.master.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.imgblstr.cli.common.options.SubOptions;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code imgblstr keygen FILE}. What it does is in {@link KeyMaker}, so that looking at the options of all commands loads nothing of sealing. */
@Command(name = "keygen", description = "Make a key that seals sessions, for a room of machines.")
public final class KeygenCommand implements Callable<Integer> {
    private final Setting setting;

    @Mixin
    private SubOptions options;

    @Parameters(
            paramLabel = "FILE",
            description = "The key of masters. FILE.slave and FILE.pub are made beside it; none may exist.")
    private Path file;

    public KeygenCommand(Setting setting) {
        this.setting = setting;
    }

    @Override
    public Integer call() throws IOException {
        options.apply();
        new KeyMaker(file).make(setting.streams().out());
        return ExitCode.DONE;
    }
}
