/**
 * {@code imgblstr netboot}: serves the live image to machines that boot from the network, with dnsmasq as a child process. Knows nothing of sessions.
 * Specification: docs/live.md.
 */
package org.imgblstr.cli.master.netboot;
