output "function" {
  description = "the name of the function"
  value       = tencentcloud_scf_function.this.name
}

output "account" {
  description = "the uin of the function's account, which the roles of other accounts trust"
  value       = data.tencentcloud_user_info.this.owner_uin
}

output "role" {
  description = "the execution role"
  value       = tencentcloud_cam_role.function.role_arn
}

output "memory" {
  description = "LICENSEWATCH_STATE_URL, for licensewatch on your own machine"
  value       = local.settings.LICENSEWATCH_STATE_URL
}

output "archive" {
  description = "LICENSEWATCH_ARCHIVE_URL; null: there is none"
  value       = lookup(local.settings, "LICENSEWATCH_ARCHIVE_URL", null)
}
