# The execution role, and what it may do. The documents are those that deploy/ has for the
# console, and that "licensewatch policy" prints.

locals {
  app_id   = data.tencentcloud_user_info.this.app_id
  policies = "${path.module}/../.."

  # Terraform knows lists where CAM takes a text as well.
  trust = jsondecode(file("${local.policies}/trust-policy.json"))
  trust_document = jsonencode({
    version = local.trust.version
    statement = [for s in local.trust.statement : {
      effect    = s.effect
      action    = flatten([s.action])
      principal = s.principal
    }]
  })

  # reading the function's own account, without the export where there is none
  exports        = var.export == null ? var.accounts_file == null : var.export
  export_actions = ["cwp:ExportLicenseDetail", "cwp:ExportTasks"]
  reading        = jsondecode(file("${local.policies}/cam-policy.json"))
  read_document = jsonencode({
    version = local.reading.version
    statement = [for s in local.reading.statement : {
      effect   = s.effect
      action   = [for action in s.action : action if local.exports || !contains(local.export_actions, action)]
      resource = s.resource
    }]
  })

  # as the files of deploy/ name their buckets
  example_memory  = "qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/"
  example_archive = "qcs::cos:ap-guangzhou:uid/1250000000:evidence-1250000000/"
  memory_objects  = "qcs::cos:${var.region}:uid/${local.app_id}:${local.memory_bucket}/"
  archive_objects = "qcs::cos:${var.region}:uid/${local.app_id}:${local.archive_bucket}/"

  fleet_statements = concat(
    var.lists_organization ? [{ effect = "allow", action = ["organization:DescribeOrganizationMembers"], resource = ["*"] }] : [],
    var.accounts_file == null ? [] : [{ effect = "allow", action = ["name/cos:GetObject"], resource = ["${local.memory_objects}accounts.yaml"] }],
  )

  function_policies = merge(
    { memory = replace(file("${local.policies}/cam-policy-cos.json"), local.example_memory, local.memory_objects) },
    var.archive ? { archive = replace(file("${local.policies}/cam-policy-archive.json"), local.example_archive, local.archive_objects) } : {},
    var.reads_own_account ? { read = local.read_document } : {},
    length(local.fleet_statements) == 0 ? {} : { fleet = jsonencode({ version = "2.0", statement = local.fleet_statements }) },
    { # a policy has at most 6144 characters
      for i, roles in chunklist(var.assume_roles, 30) : "assume-${i + 1}" => jsonencode({
        version   = "2.0"
        statement = [{ effect = "allow", action = ["name/sts:AssumeRole"], resource = roles }]
      })
    },
  )
}

data "tencentcloud_user_info" "this" {}

resource "tencentcloud_cam_role" "function" {
  name        = var.name
  description = "runs the function ${var.name}"
  document    = local.trust_document
  tags        = var.tags
}

resource "tencentcloud_cam_policy" "function" {
  for_each = local.function_policies

  name     = "${var.name}-${each.key}"
  document = each.value
  tags     = var.tags
}

resource "tencentcloud_cam_role_policy_attachment" "function" {
  for_each = local.function_policies

  role_id   = tencentcloud_cam_role.function.id
  policy_id = tencentcloud_cam_policy.function[each.key].id
}
