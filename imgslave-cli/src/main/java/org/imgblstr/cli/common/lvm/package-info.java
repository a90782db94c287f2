/**
 * LVM on a restored disk: the tools that change its metadata, which see no other disk and no kernel, and devices for its logical volumes, which
 * no volume group of this machine can be mistaken for. Knows neither program. Source: docs/targets.md, section 7.
 */
package org.imgblstr.cli.common.lvm;
