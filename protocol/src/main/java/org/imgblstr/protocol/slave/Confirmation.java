package org.imgblstr.protocol.slave;

/**
 * What a slave keeps of the Confirm Download that takes it into a session.
 *
 * @param slave index that the master gave
 * @param reportIntervalNs between two reports
 * @param joined slaves in the session
 * @param usedBytes bytes of the image that are used
 * @param isResume whether the slave was started again, so that its disk may hold something
 */
record Confirmation(int slave, long reportIntervalNs, int joined, long usedBytes, boolean isResume) {}
