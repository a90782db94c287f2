package org.imgblstr.disk.device;

/** The error numbers of Linux that decide what happens next. Source: include/uapi/asm-generic/errno.h. */
final class Errno {
    static final int ENOENT = 2;
    static final int EIO = 5;
    static final int ENXIO = 6;
    static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int ENOSPC = 28;
    static final int EROFS = 30;
    static final int ENODATA = 61;
    static final int EBADMSG = 74;
    static final int EILSEQ = 84;
    static final int EOPNOTSUPP = 95;
    static final int EREMOTEIO = 121;

    private Errno() {}

    /** A sector that cannot be read, as block drivers report it: read error, medium error, protection (CRC) error, target error. */
    static boolean isMedia(int errno) {
        return switch (errno) {
            case EIO, ENODATA, EBADMSG, EILSEQ, EREMOTEIO -> true;
            default -> false;
        };
    }

    /** The device is no longer there: no retry can help. */
    static boolean isGone(int errno) {
        return errno == ENXIO || errno == ENODEV || errno == EBADF;
    }

    /** The device or file system does not offer an operation. */
    static boolean isUnsupported(int errno) {
        return errno == EOPNOTSUPP || errno == ENOTTY || errno == EINVAL;
    }
}
