package org.imgblstr.disk.device;

import com.sun.jna.LastErrorException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a drive or a file system may do for us: zero a range, forget a range. Whatever it answers but yes, it is not asked again, and zeros are
 * written; half of a range may be done then, which does no harm. Safe for use by several threads.
 */
final class DiskFavours {
    private static final Logger LOG = LoggerFactory.getLogger(DiskFavours.class);

    /** The commands themselves; each throws the error number. */
    interface Commands {
        Commands OF_KERNEL = new Commands() {
            @Override
            public void zeroBlocks(int fd, long offset, long length) {
                Libc.zeroBlocks(fd, offset, length);
            }

            @Override
            public void discardBlocks(int fd, long offset, long length) {
                Libc.discardBlocks(fd, offset, length);
            }

            @Override
            public void punchHole(int fd, long offset, long length) {
                Libc.punchHole(fd, offset, length);
            }
        };

        void zeroBlocks(int fd, long offset, long length) throws LastErrorException;

        void discardBlocks(int fd, long offset, long length) throws LastErrorException;

        void punchHole(int fd, long offset, long length) throws LastErrorException;
    }

    /** One command on one range. */
    private interface Command {
        void run() throws LastErrorException;
    }

    private final DiskIdentity identity;
    private final int fd;
    private final Commands commands;
    private final Consumer<String> warnings;
    private final AtomicBoolean canZero;
    private final AtomicBoolean canDiscard;

    /** {@code fd}: {@link ChannelDisk#NO_FD} when there is none; then nothing is asked for. */
    DiskFavours(DiskIdentity identity, int fd, Commands commands) {
        this(identity, fd, commands, LOG::warn);
    }

    /** {@code warnings}: told what was not granted. */
    DiskFavours(DiskIdentity identity, int fd, Commands commands, Consumer<String> warnings) {
        this.identity = identity;
        this.fd = fd;
        this.commands = commands;
        this.warnings = warnings;
        this.canZero = new AtomicBoolean(fd != ChannelDisk.NO_FD);
        this.canDiscard = new AtomicBoolean(fd != ChannelDisk.NO_FD);
    }

    /** Whether a range reads as zero now. When not, some of it may. */
    boolean zero(long offset, long length) {
        Command command = identity.isBlockDevice()
                ? () -> commands.zeroBlocks(fd, offset, length)
                : () -> commands.punchHole(fd, offset, length);
        return length == 0 || ask(canZero, command, "zeroing", "; zeros are written instead");
    }

    /** Tells that a range is not needed, where that can be told. */
    void discard(long offset, long length) {
        Command command = identity.isBlockDevice()
                ? () -> commands.discardBlocks(fd, offset, length)
                : () -> commands.punchHole(fd, offset, length);
        if (length > 0) {
            ask(canDiscard, command, "discarding unused space", "; that space is left as it is");
        }
    }

    private boolean ask(AtomicBoolean canDo, Command command, String what, String instead) {
        if (!canDo.get()) {
            return false;
        }
        try {
            command.run();
            return true;
        } catch (LastErrorException e) {
            if (canDo.getAndSet(false)) {
                tell(e.getErrorCode(), what, instead);
            }
            return false;
        }
    }

    /** Said once for each of the two, as whoever waits may wonder why it takes longer. */
    private void tell(int errno, String what, String instead) {
        warnings.accept(identity.path() + ": " + what + " failed (" + Libc.strerror(errno) + ")" + instead);
    }
}
