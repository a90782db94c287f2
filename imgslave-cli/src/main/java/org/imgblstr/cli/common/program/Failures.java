package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.file.NameTakenException;
import org.imgblstr.disk.image.MalformedImageException;
import org.imgblstr.disk.image.sealed.NotAuthenticException;
import org.imgblstr.disk.partition.MalformedTableException;
import org.imgblstr.disk.pass.StoppedException;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.transport.network.InterfaceException;
import org.imgblstr.protocol.transport.network.NetworkException;

/** Turns what went wrong into one line and an exit code. */
public final class Failures {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int ENAMETOOLONG = 36;
    private static final int ELOOP = 40;

    /** Java gives no error number here, so the text is compared. Both programs run in an English locale. */
    private static final Pattern NO_NAME = Pattern.compile(
            "File name too long|Is a directory.*|Not a directory|Too many (levels of )?symbolic links.*");

    /** One kind of failure. */
    record Row(Class<? extends Throwable> kind, ToIntFunction<Throwable> code) {
        private static <T extends Throwable> Row of(Class<T> kind, ToIntFunction<? super T> code) {
            return new Row(kind, failure -> code.applyAsInt(kind.cast(failure)));
        }
    }

    /** All failures with their exit codes; the first row that fits a failure decides. */
    static final List<Row> ROWS = List.of(
            Row.of(CliException.class, CliException::exitCode),
            Row.of(RefusedException.class, Failures::ofRefusal),
            Row.of(NameTakenException.class, taken -> ExitCode.REFUSED),
            Row.of(DeviceException.class, e -> isWrongName(e) ? ExitCode.USAGE : ExitCode.DEVICE_FAILED),
            Row.of(MalformedImageException.class, malformed -> ExitCode.MALFORMED_IMAGE),
            Row.of(NotAuthenticException.class, foreign -> ExitCode.NOT_AUTHENTIC),
            Row.of(MalformedTableException.class, malformed -> ExitCode.DOES_NOT_FIT),
            Row.of(InterfaceException.class, e -> e.isWrongUsage() ? ExitCode.USAGE : ExitCode.NETWORK),
            Row.of(NetworkException.class, unusable -> ExitCode.NETWORK),
            Row.of(StoppedException.class, stopped -> ExitCode.INTERRUPTED),
            Row.of(InterruptedException.class, interrupted -> ExitCode.INTERRUPTED),
            Row.of(InterruptedIOException.class, interrupted -> ExitCode.INTERRUPTED),
            Row.of(NoSuchFileException.class, absent -> ExitCode.USAGE),
            Row.of(AccessDeniedException.class, denied -> ExitCode.USAGE),
            Row.of(InvalidPathException.class, impossible -> ExitCode.USAGE),
            Row.of(FileSystemException.class, e -> isNoName(e) ? ExitCode.USAGE : ExitCode.DEVICE_FAILED),
            Row.of(IOException.class, failed -> ExitCode.DEVICE_FAILED));

    private Failures() {}

    /** The exit code of a failure. */
    public static int exitCode(Throwable failure) {
        return ROWS.stream()
                .filter(row -> row.kind().isInstance(failure))
                .findFirst()
                .map(row -> row.code().applyAsInt(failure))
                .orElse(ExitCode.FAULT);
    }

    private static int ofRefusal(RefusedException e) {
        return e.reason() == RefusedException.Reason.DOES_NOT_FIT ? ExitCode.DOES_NOT_FIT : ExitCode.REFUSED;
    }

    // A device that does not exist or may not be opened has not failed: the operator named a wrong device.
    private static boolean isWrongName(DeviceException e) {
        return switch (e.errno()) {
            case ENOENT, EACCES, ENOTDIR, ENAMETOOLONG, ELOOP -> true;
            default -> false;
        };
    }

    /** True when no file can have the name that the operator gave. */
    private static boolean isNoName(FileSystemException e) {
        return e.getReason() != null && NO_NAME.matcher(e.getReason()).matches();
    }

    /** Prints one line, the stack trace too when {@code withTrace}. Returns the exit code. */
    public static int report(String program, Throwable failure, boolean withTrace, PrintStream err) {
        int code = exitCode(failure);
        err.println(program + ": " + message(failure));
        Account.failed(program + ": " + message(failure), failure, code);
        if (withTrace) {
            failure.printStackTrace(err);
        } else if (code == ExitCode.FAULT && !(failure instanceof CliException)) {
            err.println(program + ": this is a fault of the program; run it again with -v to see where");
        }
        return code;
    }

    /** One line that says what went wrong. */
    public static String message(Throwable failure) {
        if (failure instanceof NoSuchFileException e) {
            return e.getFile() + ": no such file or device";
        }
        if (failure instanceof AccessDeniedException e) {
            return e.getFile() + ": permission denied";
        }
        if (failure instanceof FileSystemException e && e.getReason() != null) {
            return e.getFile() + ": " + e.getReason();
        }
        if (failure instanceof InvalidPathException e) {
            return Names.message(e);
        }
        if (failure instanceof MalformedImageException e) {
            return e.getMessage() + "; " + e.nextStep();
        }
        boolean isPlain = failure instanceof CliException
                || (failure.getMessage() != null && exitCode(failure) != ExitCode.FAULT);
        String text = isPlain ? failure.getMessage() : failure.toString();
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
