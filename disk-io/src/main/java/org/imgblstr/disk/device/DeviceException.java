package org.imgblstr.disk.device;

import java.io.IOException;

/** A device failed. The message names the device, the operation, the LBA and how many attempts were made; ends in exit code 12. */
public final class DeviceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /** {@code errno}: the system's error number, 0 when unknown. */
    public DeviceException(String message, int errno, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    /** The system's error number, 0 when unknown. */
    public int errno() {
        return errno;
    }

    /** True when the device is no longer there, so that nothing else of it can be read either. */
    public boolean isGone() {
        return Errno.isGone(errno);
    }
}
