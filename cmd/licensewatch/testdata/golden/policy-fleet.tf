# In the account of the function: what its execution role may do.

variable "function_role" {
  description = "the name of the function's execution role"
  type        = string
}

resource "tencentcloud_cam_policy" "licensewatch_fleet" {
  name     = "licensewatch-fleet"
  document = <<EOT
{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": [
        "cwp:DescribeLicenseBindList",
        "cwp:DescribeLicenseGeneral",
        "cwp:DescribeLicenseList",
        "cwp:DescribeMachineGeneral",
        "tcss:DescribePurchaseStateInfo",
        "organization:DescribeOrganizationMembers"
      ],
      "resource": [
        "*"
      ]
    },
    {
      "effect": "allow",
      "action": [
        "name/sts:AssumeRole"
      ],
      "resource": [
        "qcs::cam::uin/*:roleName/licensewatch-reader",
        "qcs::cam::uin/100000000001:roleName/licensewatch-reader",
        "qcs::cam::uin/100000000002:roleName/licensewatch-reader"
      ]
    }
  ]
}
EOT
}

resource "tencentcloud_cam_role_policy_attachment_by_name" "licensewatch_fleet" {
  role_name   = var.function_role
  policy_name = tencentcloud_cam_policy.licensewatch_fleet.name
}

# In each of 3 accounts (支付-生产, 支付-测试, members of the organization): the role that is assumed.

variable "external_id" {
  description = "what LICENSEWATCH_EXTERNAL_ID holds"
  type        = string
  sensitive   = true
}

resource "tencentcloud_cam_role" "licensewatch_reader" {
  name        = "licensewatch-reader"
  description = "lets licensewatch read the security licenses"
  document    = <<EOT
{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": [
        "name/sts:AssumeRole"
      ],
      "principal": {
        "qcs": [
          "qcs::cam::uin/100000000000:uin/100000000000"
        ]
      },
      "condition": {
        "string_equal": {
          "sts:external_id": [
            "${var.external_id}"
          ]
        }
      }
    }
  ]
}
EOT
}

resource "tencentcloud_cam_policy" "licensewatch_reader" {
  name     = "licensewatch-reader"
  document = <<EOT
{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": [
        "cwp:DescribeLicenseBindList",
        "cwp:DescribeLicenseGeneral",
        "cwp:DescribeLicenseList",
        "cwp:DescribeMachineGeneral",
        "tcss:DescribePurchaseStateInfo"
      ],
      "resource": [
        "*"
      ]
    }
  ]
}
EOT
}

resource "tencentcloud_cam_role_policy_attachment" "licensewatch_reader" {
  role_id   = tencentcloud_cam_role.licensewatch_reader.id
  policy_id = tencentcloud_cam_policy.licensewatch_reader.id
}

# In Singapore: attach it to the user of the keys LICENSEWATCH_SG.

resource "tencentcloud_cam_policy" "licensewatch_reader" {
  name     = "licensewatch-reader"
  document = <<EOT
{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": [
        "cwp:DescribeLicenseBindList",
        "cwp:DescribeLicenseGeneral",
        "cwp:DescribeLicenseList",
        "cwp:DescribeMachineGeneral",
        "tcss:DescribePurchaseStateInfo"
      ],
      "resource": [
        "*"
      ]
    }
  ]
}
EOT
}

