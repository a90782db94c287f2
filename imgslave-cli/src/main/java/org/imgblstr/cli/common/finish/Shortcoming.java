package org.imgblstr.cli.common.finish;

import org.imgblstr.disk.device.DiskIdentity;

/**
 * In place of what cannot be done with a complete disk here, which is known before the disk is written.
 *
 * @param lack why, a clause as {@link FinishStep#whileHeld} gives it
 */
public record Shortcoming(String lack) implements FinishStep {
    @Override
    public String whenFree(DiskIdentity disk, boolean isWell) {
        return lack;
    }
}
