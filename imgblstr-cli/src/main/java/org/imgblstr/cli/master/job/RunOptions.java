package org.imgblstr.cli.master.job;

import java.time.ZonedDateTime;
import org.imgblstr.cli.common.options.CommonOptions;

/**
 * The options of a run, as they were read from the command line.
 *
 * @param common those that both programs have
 * @param read how a disk is read
 * @param broadcast how slaves are served
 * @param start when the run starts; null for at once
 */
public record RunOptions(CommonOptions common, ReadOptions read, BroadcastOptions broadcast, ZonedDateTime start) {}
