package org.imgblstr.disk.device;

import com.sun.jna.LastErrorException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what Java and JNA throw into the system's error number and a text for a person. */
final class DeviceErrors {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceErrors.class);

    private DeviceErrors() {}

    /** The system's error number behind an exception; 0 when it cannot be told. */
    static int errnoOf(Exception cause) {
        if (cause instanceof LastErrorException e) {
            return e.getErrorCode();
        }
        if (cause instanceof NoSuchFileException) {
            return Errno.ENOENT;
        }
        if (cause instanceof AccessDeniedException) {
            return Errno.EACCES;
        }
        return cause instanceof ClosedChannelException ? 0 : errnoOfMessage(cause);
    }

    /** Text of an error: the system's own when its number is known. */
    static String text(int errno, Exception cause) {
        if (errno != 0) {
            return systemText(errno, cause) + " (errno " + errno + ")";
        }
        if (cause instanceof ClosedChannelException) {
            return "the disk was closed, or its thread interrupted";
        }
        return cause.getMessage();
    }

    private static String systemText(int errno, Exception cause) {
        if (cause instanceof LastErrorException || cause instanceof FileSystemException) {
            try {
                return Libc.strerror(errno);
            } catch (LinkageError e) {
                LOG.debug("no libc: {}", e.toString());
            }
        }
        return cause.getMessage();
    }

    private static int errnoOfMessage(Exception cause) {
        String message = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
        try {
            return Libc.errnoOf(message);
        } catch (LinkageError e) {
            LOG.debug("no libc: {}", e.toString());
            return 0;
        }
    }
}
