# The role that licensewatch assumes to read this account.

locals {
  export_actions = ["cwp:ExportLicenseDetail", "cwp:ExportTasks"]

  # what "licensewatch policy" prints, without the export where there is none
  reading = jsondecode(file("${path.module}/../../cam-policy.json"))
  document = jsonencode({
    version = local.reading.version
    statement = [for s in local.reading.statement : {
      effect   = s.effect
      action   = [for action in s.action : action if var.export || !contains(local.export_actions, action)]
      resource = s.resource
    }]
  })

  # Terraform takes the uin in the place of root, and lists where CAM takes a text as well.
  trust = jsonencode({
    version = "2.0"
    statement = [merge(
      {
        effect    = "allow"
        action    = ["name/sts:AssumeRole"]
        principal = { qcs = ["qcs::cam::uin/${var.trusted_account}:uin/${var.trusted_account}"] }
      },
      var.external_id == null ? {} : { condition = { string_equal = { "sts:external_id" = [var.external_id] } } },
    )]
  })
}

data "tencentcloud_user_info" "this" {}

resource "tencentcloud_cam_role" "reader" {
  name        = var.role
  description = "lets licensewatch read the security licenses"
  document    = local.trust
  tags        = var.tags
}

resource "tencentcloud_cam_policy" "reader" {
  name     = var.role
  document = local.document
  tags     = var.tags
}

resource "tencentcloud_cam_role_policy_attachment" "reader" {
  role_id   = tencentcloud_cam_role.reader.id
  policy_id = tencentcloud_cam_policy.reader.id
}
