output "role_arn" {
  description = "the role as assume_roles of the function takes it"
  value       = "qcs::cam::uin/${data.tencentcloud_user_info.this.owner_uin}:roleName/${tencentcloud_cam_role.reader.name}"
}

output "account" {
  description = "the uin of the account, as the accounts file has it"
  value       = data.tencentcloud_user_info.this.owner_uin
}
