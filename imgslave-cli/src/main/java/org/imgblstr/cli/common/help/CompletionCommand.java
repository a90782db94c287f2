package org.imgblstr.cli.common.help;

import java.util.concurrent.Callable;
import org.imgblstr.protocol.contract.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code generate-completion SHELL}: a script that lets a shell complete the program's words. */
@Command(
        name = "generate-completion",
        description = "Print a script with which a shell completes commands, options and their values.")
public final class CompletionCommand implements Callable<Integer> {
    /** The shells that have a script. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Parameters(
            paramLabel = "bash|zsh|fish",
            arity = "0..1",
            defaultValue = "bash",
            description = "The shell (default: bash).")
    private Shell shell;

    @Override
    public Integer call() {
        CompletionWords words = CompletionWords.of(spec.parent());
        String script =
                switch (shell) {
                    case BASH -> BashCompletion.of(words);
                    case ZSH -> ZshCompletion.of(words);
                    case FISH -> FishCompletion.of(words);
                };
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }
}
