/**
 * {@code --grow}: the last partition of a complete disk, and what is in it, take the rest of the disk. The partition table is the business of
 * {@code disk.partition} and {@code disk.use}; here are the option, the tools of the system that enlarge file systems, and the words. Knows
 * neither program. Source: docs/targets.md, section 7.
 */
package org.imgblstr.cli.common.grow;
