package org.imgblstr.disk.device;

/** The error numbers of Linux that decide what happens next. Source: include/uapi/asm-generic/errno.h. */
public final class Errno {
    public static final int ENOENT = 2;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    public static final int EBUSY = 16;
    static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    static final int ENOTTY = 25;
    public static final int ENOSPC = 28;
    static final int EROFS = 30;
    public static final int ENODATA = 61;
    public static final int EBADMSG = 74;
    public static final int EILSEQ = 84;
    static final int EOPNOTSUPP = 95;
    public static final int EREMOTEIO = 121;

    private Errno() {}

    /** A sector that cannot be read, as block drivers report it: read error, medium error, protection (CRC) error, target error. */
    public static boolean isMedia(int errno) {
        return switch (errno) {
            case EIO, ENODATA, EBADMSG, EILSEQ, EREMOTEIO -> true;
            default -> false;
        };
    }

    /** The device is no longer there: no retry can help. */
    public static boolean isGone(int errno) {
        return errno == ENXIO || errno == ENODEV || errno == EBADF;
    }

    /** The device or file system does not offer an operation. */
    static boolean isUnsupported(int errno) {
        return errno == EOPNOTSUPP || errno == ENOTTY || errno == EINVAL;
    }
}
