# The function, what starts it, and how often the platform tries again.

locals {
  settings = merge(
    { LICENSEWATCH_STATE_URL = "cos://${tencentcloud_cos_bucket.memory.bucket}/licensewatch?region=${var.region}" },
    var.archive ? { LICENSEWATCH_ARCHIVE_URL = "cos://${tencentcloud_cos_bucket.archive[0].bucket}/licensewatch?region=${var.region}" } : {},
    var.accounts_file == null ? {} : { LICENSEWATCH_ACCOUNTS_FILE = "cos://${tencentcloud_cos_bucket.memory.bucket}/accounts.yaml?region=${var.region}" },
  )
}

resource "tencentcloud_scf_function" "this" {
  name              = var.name
  namespace         = var.namespace
  description       = "tells what becomes of the security licenses"
  func_type         = "Event"
  runtime           = "Go1"
  handler           = "main"
  mem_size          = var.memory
  timeout           = var.timeout
  role              = tencentcloud_cam_role.function.name
  enable_public_net = true # the API and the chats are reached over the internet; the provider's default is false
  zip_file          = var.package
  environment       = merge(local.settings, var.environment)
  tags              = var.tags

  lifecycle {
    # The provider looks at the name of the zip, not into it.
    precondition {
      condition     = strcontains(basename(var.package), substr(filesha256(var.package), 0, 12))
      error_message = "The name of the package must hold the first 12 digits of its SHA-256, or a new one would not be deployed: make package-hashed writes it."
    }
  }

  # a run without its permissions would tell everybody that nothing can be read
  depends_on = [tencentcloud_cam_role_policy_attachment.function]
}

resource "tencentcloud_scf_trigger" "timer" {
  for_each = var.timers

  function_name   = tencentcloud_scf_function.this.name
  namespace       = tencentcloud_scf_function.this.namespace
  type            = "timer"
  trigger_name    = each.key
  trigger_desc    = each.value.cron
  custom_argument = each.value.argument
  enable          = each.value.enabled ? "OPEN" : "CLOSE"

  depends_on = [tencentcloud_scf_function_event_invoke_config.this]
}

resource "tencentcloud_scf_function_event_invoke_config" "this" {
  function_name = tencentcloud_scf_function.this.name
  namespace     = tencentcloud_scf_function.this.namespace

  async_trigger_config {
    msg_ttl = var.retention_seconds

    retry_config {
      retry_num = var.retries
    }
  }
}
