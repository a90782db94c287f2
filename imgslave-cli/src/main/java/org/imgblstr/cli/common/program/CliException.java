package org.imgblstr.cli.common.program;

import org.imgblstr.protocol.contract.ExitCode;

/** Ends a program with an exit code and one line for the operator. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** {@code message}: what, where, found, expected, and the next thing to try; one line. */
    public CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CliException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Wrong usage: exit code 2. */
    public static CliException usage(String message) {
        return new CliException(ExitCode.USAGE, message);
    }

    /** Refused for safety: exit code 15. */
    public static CliException refused(String message) {
        return new CliException(ExitCode.REFUSED, message);
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }
}
