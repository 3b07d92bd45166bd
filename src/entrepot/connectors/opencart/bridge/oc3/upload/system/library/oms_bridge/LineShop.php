<?php
namespace OmsBridge;

/** OpenCart 3.0. */
class LineShop extends Shop
{
    public function line()
    {
        return 'oc3';
    }

    public function addHistory($order_id, $order_status_id, $comment, $notify)
    {
        $this->registry->get('load')->model('checkout/order');
        $this->registry->get('model_checkout_order')->addOrderHistory((int)$order_id, (int)$order_status_id, (string)$comment, (bool)$notify);
    }

    public function events()
    {
        $action = 'extension/oms_bridge/event/';
        return array(
            array('catalog/model/checkout/order/addOrder/after', $action . 'orderAdded'),
            array('catalog/model/checkout/order/addOrderHistory/after', $action . 'orderHistory'),
            array('catalog/model/checkout/order/deleteOrder/after', $action . 'orderDeleted'),
            array('admin/model/catalog/product/addProduct/after', $action . 'productAdded'),
            array('admin/model/catalog/product/editProduct/after', $action . 'productSaved'),
            array('admin/model/catalog/product/copyProduct/after', $action . 'productCopied'),
            array('admin/model/catalog/product/deleteProduct/after', $action . 'productDeleted'),
        );
    }

    /** OpenCart 3 has no hook before its maintenance page. */
    public function startup()
    {
        return null;
    }

    public function code()
    {
        return 'module_oms_bridge';
    }
}
