/** The disks of this machine as a person or a program sees them: {@code disks}, and what menus choose from. */
package org.imgblstr.cli.common.disks;
