package org.imgblstr.cli.common.help;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code generate-man-pages FOLDER}: a page for the program and one for each of its commands. */
@Command(name = "generate-man-pages", description = "Write the manual pages into a folder; 'man -l FILE' shows one.")
public final class ManPagesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Parameters(
            paramLabel = "FOLDER",
            description = "Folder for the pages; the command makes the folder if it does not exist.")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(folder);
        CommandLine program = spec.parent().commandLine();
        write(program);
        for (CommandLine command : program.getSubcommands().values()) {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                write(command);
            }
        }
        return ExitCode.DONE;
    }

    private void write(CommandLine command) throws IOException {
        Files.writeString(folder.resolve(ManPage.fileName(command.getCommandSpec())), ManPage.of(command));
    }
}
